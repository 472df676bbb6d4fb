// The forms of My region work without this. It asks before unsaved changes are left, keeps what is
// typed in this tab until the server has saved it, checks fields, counts characters, copies hours.

const form = document.querySelector("[data-edit-form]");
const PREFIX = "typed:";
const here = PREFIX + location.pathname;

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null; // a browser that keeps nothing
  }
}

function write(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing, or is full.
  }
}

// Of the fields that people fill in; the others are the server's.
function fields() {
  return [...form.elements].filter((field) => field.name && !["hidden", "submit", "button"].includes(field.type));
}

function typed() {
  return fields().map((field) => {
    const ticks = field.type === "checkbox" || field.type === "radio";
    return [field.name, ticks ? [field.value, field.checked] : field.value];
  });
}

function fill(values) {
  fields().forEach((field, index) => {
    const [name, value] = values[index] ?? [];
    if (name !== field.name) return;
    if (Array.isArray(value)) field.checked = value[1];
    else field.value = value;
  });
}

// Unsaved changes

function watch() {
  const atFirst = JSON.stringify(typed());
  let sending = false;
  let waiting;
  const dirty = () => "editChanged" in form.dataset || JSON.stringify(typed()) !== atFirst;

  function keep() {
    clearTimeout(waiting);
    if ("editChoice" in form.dataset) return; // it carries what was typed, and shows none of it
    if (!dirty()) write(here, null);
    else write(here, { base: form.elements.base?.value, typed: typed() });
  }

  for (const event of ["input", "change"]) {
    form.addEventListener(event, () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, 300);
    });
  }
  form.addEventListener("submit", () => {
    keep();
    sending = true;
  });
  addEventListener("pageshow", () => {
    sending = false;
  });
  addEventListener("beforeunload", (event) => {
    if (sending || !dirty()) return;
    keep();
    event.preventDefault();
  });
  offerWhatWasTyped(atFirst);
}

function offerWhatWasTyped(atFirst) {
  const offer = document.querySelector("[data-typed-before]");
  const before = read(here);
  if (!offer || !before || JSON.stringify(before.typed) === atFirst) return;
  offer.hidden = false;
  offer.querySelector("[data-put-back]").addEventListener("click", () => {
    fill(before.typed);
    // What it was typed upon: so whatever others saved meanwhile is still noticed.
    if (before.base) form.elements.base.value = before.base;
    offer.hidden = true;
    form.dispatchEvent(new Event("input", { bubbles: true }));
    fields()[0]?.focus();
  });
  offer.querySelector("[data-forget]").addEventListener("click", () => {
    write(here, null);
    offer.hidden = true;
  });
}

// Characters

function count(note) {
  const field = document.getElementById(note.dataset.of);
  if (!field) return;
  const most = Number(note.dataset.count);
  const told = document.querySelector("[data-told]");
  let waiting;

  function show() {
    // As the server counts: characters, not the units of JavaScript; and not the space around.
    const left = most - [...field.value.trim()].length;
    const words = left < 0 ? note.dataset.over : note.dataset.left;
    note.textContent = `${words} ${Math.abs(left)}`;
    note.classList.toggle("wrong-note", left < 0);
    return left;
  }

  show();
  field.addEventListener("input", () => {
    const left = show();
    clearTimeout(waiting);
    // Read aloud near the end alone, and when the typing pauses.
    if (told && left < most / 10) waiting = setTimeout(() => { told.textContent = note.textContent; }, 1000);
  });
}

// What is wrong with a field is told when it is left, and what is right is written as it will be.

async function check({ target }) {
  const part = target.closest("[data-checked]");
  const wrong = part?.querySelector("[data-wrong]");
  if (!wrong || !["text", "textarea"].includes(target.type)) return;
  const data = new FormData(form);
  data.set("do", "check");
  data.set("field", part.dataset.checked);
  let found;
  try {
    const response = await fetch(form.action, { method: "POST", body: data });
    if (response.redirected || !response.ok) return; // logged out, or busy: saving will tell
    found = await response.json();
  } catch {
    return;
  }
  for (const [name, text] of Object.entries(found.clean)) {
    const field = form.elements[name];
    if (field !== document.activeElement && field.value === data.get(name)) field.value = text;
  }
  wrong.replaceChildren(...found.errors.map((message) => Object.assign(document.createElement("p"), { textContent: message })));
  wrong.hidden = !found.errors.length;
  for (const field of part.querySelectorAll("input[type=text], textarea")) {
    if (found.errors.length) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  const told = document.querySelector("[data-told]");
  if (told && found.errors.length) told.textContent = found.errors.join(" ");
}

// Hours

function copyHours(button) {
  const [monday, ...others] = [...button.closest("[data-hours-week]").querySelectorAll("[data-hours]")];
  const from = [...monday.querySelectorAll("input")];
  for (const day of others.slice(0, 4)) {
    [...day.querySelectorAll("input")].forEach((field, index) => {
      field.value = from[index].type === "checkbox" ? field.value : from[index].value;
      field.checked = from[index].checked;
    });
  }
  button.parentElement.querySelector("[data-copied]").textContent = button.dataset.done;
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// A day with hours isn't closed.
function openDay({ target }) {
  const day = target.closest("[data-hours]");
  if (day && target.type === "text" && target.value.trim()) day.querySelector("[type=checkbox]").checked = false;
}

function focusOnWhatTheAddressNames() {
  const there = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  there?.querySelector("input, textarea, select")?.focus();
}

const saved = document.querySelector("[data-saved]")?.dataset.saved;
if (saved) write(PREFIX + saved, null);

if (form) {
  for (const note of form.querySelectorAll("[data-count]")) count(note);
  for (const button of form.querySelectorAll("[data-copy-hours]")) {
    button.hidden = false;
    button.addEventListener("click", () => copyHours(button));
  }
  form.addEventListener("input", openDay);
  if ("check" in form.dataset) form.addEventListener("change", check);
  if (window.htmx) {
    for (const button of form.querySelectorAll("[data-with-htmx]")) button.hidden = false;
    for (const button of form.querySelectorAll("[data-without-htmx]")) button.hidden = true;
  }
  // Enter in a line doesn't publish; where nothing is published, the form may ask for it.
  form.addEventListener("keydown", (event) => {
    if ("enter" in form.dataset) return;
    if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) event.preventDefault();
  });
  // Only then is the browser done with going there by itself, which takes the focus away.
  if (!form.querySelector("[role=alert]")) addEventListener("load", () => setTimeout(focusOnWhatTheAddressNames));
  watch();
}
