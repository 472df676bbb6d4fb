// The groups of the conversation form by the keyboard, what excludes what in them, and the names
// that were given before.

// Keys within the groups: arrows move, a digit chooses, Tab goes to the next group

function boxes(group) {
  return [...group.querySelectorAll(":scope > .conversation-options > .conversation-choice > label > input")];
}

// One box of each group is in the order of Tab.
export function rove(form) {
  for (const group of form.querySelectorAll("[data-choices=checkbox]")) put(group);
}

function put(group, target) {
  const all = boxes(group);
  const here = target ?? all.find((box) => box.checked) ?? all[0];
  for (const box of all) box.tabIndex = box === here ? 0 : -1;
}

function keys(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    event.currentTarget.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || !event.target.matches("[type=checkbox], [type=radio]")) return;
  const group = event.target.closest("[data-choices]");
  const all = group ? boxes(group) : [];
  const chosen = all.find((box) => box.dataset.digit === event.key);
  if (chosen) {
    chosen.focus();
    chosen.click();
  } else if (event.target.type === "checkbox" && all.includes(event.target) && event.key.startsWith("Arrow")) {
    const by = ["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : -1;
    all.at((all.indexOf(event.target) + by) % all.length).focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

// What excludes all others in its group takes their ticks away, and the other way round.
function alone({ target }) {
  if (target.type !== "checkbox" || !target.checked || target.name === "offices") return;
  for (const other of target.form.querySelectorAll(`[name="${CSS.escape(target.name)}"]`)) {
    if (other === target) continue;
    if ("alone" in target.dataset || "alone" in other.dataset) other.checked = false;
  }
}

// Names that were given before

let asked;

async function suggest({ target }) {
  const kind = target.dataset.namesOf;
  if (!kind) return;
  clearTimeout(asked);
  asked = setTimeout(async () => {
    const question = new URLSearchParams({ soort: kind, q: target.value });
    try {
      const answer = await fetch(`${target.form.dataset.names}?${question}`, { redirect: "manual" });
      if (!answer.ok) return;
      const { names } = await answer.json();
      target.list.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
    } catch {
      // One can do without.
    }
  }, 150);
}

// Before anything else listens: what excludes something else changes it first.
export function begin(form) {
  form.addEventListener("input", alone);
  form.addEventListener("input", suggest);
  form.addEventListener("focusin", suggest);
  form.addEventListener("focusin", ({ target }) => {
    const group = target.closest("[data-choices=checkbox]");
    if (group && boxes(group).includes(target)) put(group, target);
  });
  // To a group leads its legend: by its key, and from what is told to be wrong.
  for (const legend of form.querySelectorAll("legend")) {
    legend.addEventListener("focus", () => {
      const all = boxes(legend.closest("[data-choices]"));
      (all.find((box) => box.checked) ?? all[0]).focus();
    });
  }
  form.addEventListener("keydown", keys);
}
