// Pieces of the conversation panel that are made as they are needed: from templates of the page, so
// that their words stand there. And the list for the candidate, with what is marked and own links.

import * as drafts from "./drafts.js";

const panel = document.querySelector("[data-conversations]");
const form = panel?.querySelector("[data-pick-form]");

function piece(name) {
  return panel.querySelector(`[data-piece="${name}"]`).content.cloneNode(true).firstElementChild;
}

export const pieces = {
  tab: () => piece("tab"),
  errors: () => piece("errors"),
  waiting: () => piece("waiting"),
  registered: () => piece("registered"),
};

function pickLine({ slug, name }) {
  const line = piece("pick");
  line.querySelector("input").value = slug;
  line.querySelector("span").textContent = name;
  const button = line.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent}: ${name}`);
  button.addEventListener("click", () => drafts.toggle({ slug, name }));
  return line;
}

function officeBox({ slug, name }, chosen) {
  const label = piece("office");
  label.querySelector("span").textContent = name;
  Object.assign(label.querySelector("input"), { value: slug, checked: chosen.includes(slug) });
  return label;
}

// What was marked: below “regional office”, and on the list.
export const picks = {
  show(draft) {
    const lists = [form.querySelector("[data-picks]"), panel.querySelector("[data-offices]")];
    const focused = document.activeElement;
    const typing = lists.some((list) => list.contains(focused)) && focused.value;
    lists[0].replaceChildren(...draft.picks.map(pickLine));
    lists[1].replaceChildren(...draft.picks.map((pick) => officeBox(pick, draft.fields.offices ?? [])));
    if (typing) lists[1].querySelector(`[value="${CSS.escape(typing)}"]`)?.focus();
    form.querySelector("[data-no-picks]").hidden = draft.picks.length > 0;
    panel.querySelector("[data-no-offices]").hidden = draft.picks.length > 0;
    links.show(draft);
  },
};

// Own links, kept with the draft.

let shown;

function rows() {
  return [...form.querySelectorAll(".conversation-link")].map((row) => ({
    title: row.querySelector("[name=link-title]").value,
    url: row.querySelector("[name=link-url]").value,
  }));
}

function addRow({ title, url }) {
  const row = piece("link");
  row.querySelector("[name=link-title]").value = title;
  row.querySelector("[name=link-url]").value = url;
  form.querySelector("[data-link-rows]").append(row);
  return row;
}

export const links = {
  show(draft) {
    if (draft.key === shown) return;
    shown = draft.key;
    form.querySelector("[data-link-rows]").replaceChildren();
    for (const link of draft.links.length ? draft.links : [{ title: "", url: "" }]) addRow(link);
    form.querySelector("[data-links]").open = draft.links.length > 0;
  },

  begin() {
    form.addEventListener("input", ({ target }) => {
      if (!target.closest(".conversation-link")) return;
      drafts.change((draft) => {
        draft.links = rows().filter(({ title, url }) => title || url);
      });
    });
    form.querySelector("[data-add-link]").addEventListener("click", () => {
      addRow({ title: "", url: "" }).querySelector("input").focus();
    });
  },
};
