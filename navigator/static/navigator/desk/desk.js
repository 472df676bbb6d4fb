// The desk works without this. It answers while somebody types, and never sends the letters of a
// postcode; leads through the rows by arrow keys; shows which offices the open conversation marked;
// and copies texts.

import { isPicked, subscribe, toggle } from "./drafts.js";
import { onKey } from "./shortcuts.js";

const desk = document.querySelector("[data-desk]");
const form = desk.querySelector("[data-desk-search]");
const field = form.elements.q;
const answer = document.getElementById("desk-answer");
const told = desk.querySelector("[data-desk-told]");
const away = desk.querySelector("[data-desk-away]");
const loggedOut = desk.querySelector("[data-desk-logged-out]");

// As `regions.postcodes.cut_to_digits`: four digits with one or two letters are a postcode.
const LETTERS = /(?<![\p{L}\p{N}_./])([1-9][0-9]{3})[\s\u200b\u2060\ufeff\u2010-\u2015\u2212-]*[a-z]{1,2}(?![a-z0-9])/giu;

export function cutToDigits(text) {
  return [...text.matchAll(LETTERS)].at(-1)?.[1] ?? text;
}

function tell(words) {
  told.textContent = words;
}

// Looking up

function prepare(event) {
  const { parameters } = event.detail;
  // Parameters are a FormData behind a proxy: set and delete count for all values of a name.
  if (parameters.q !== undefined) parameters.q = cutToDigits(String(parameters.q)).trim();
  for (const name of ["q", "sector"]) {
    if (parameters[name] === "") delete parameters[name];
  }
  // htmx sends the button that was pressed last along; a mark is kept by the script.
  for (const name of ["erbij", "eraf"]) delete parameters[name];
}

// What was understood stands in the address; what is typed stays in the field until it is sent.
form.addEventListener("submit", () => {
  field.value = cutToDigits(field.value);
}, { capture: true });

let focused = null;

function beforeSwap(event) {
  if (event.detail.target !== answer) return;
  const { xhr } = event.detail;
  const gone = xhr.responseURL && new URL(xhr.responseURL).pathname !== new URL(form.action).pathname;
  loggedOut.hidden = !gone;
  away.hidden = true;
  if (gone) {
    event.detail.shouldSwap = false;
    tell(loggedOut.textContent.trim());
    return;
  }
  // A wrong filter is explained in the answer.
  if (xhr.status === 400) Object.assign(event.detail, { shouldSwap: true, isError: false });
  const row = answer.contains(document.activeElement) ? document.activeElement.closest("[data-row]") : null;
  focused = row ? row.dataset.row : null;
}

function afterSwap() {
  refresh();
  tell((answer.querySelector("[data-summary]")?.textContent ?? "").trim().replace(/\s+/g, " "));
  if (focused !== null) (rowOf(focused) ?? rows()[0] ?? field).focus();
  focused = null;
}

function tellAway() {
  away.hidden = false;
  tell(away.textContent.trim());
}

// A choice is asked here, without a page load.
function choose(event) {
  const link = event.target.closest("[data-desk-reading]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
  event.preventDefault();
  field.value = new URL(link.href).searchParams.get("q") ?? "";
  field.focus();
  window.htmx.trigger(form, "submit");
}

// Rows: one of them is in the order of Tab, and the arrow keys go on from there.

function rows() {
  return [...answer.querySelectorAll("[data-row]")];
}

function rowOf(slug) {
  return rows().find((row) => row.dataset.row === slug);
}

function here() {
  return document.activeElement?.closest?.("[data-row]") ?? null;
}

function go(row) {
  for (const each of rows()) each.tabIndex = each === row ? 0 : -1;
  row.focus();
}

function move(step) {
  const all = rows();
  const next = all[here() ? all.indexOf(here()) + step : 0];
  if (next) go(next);
  else if (step < 0 && here()) field.focus();
}

// What a name can mean, where that is asked: before the rows.
function readings() {
  return [...answer.querySelectorAll("[data-desk-reading]")];
}

function moveOn(reading, step) {
  const all = readings();
  const next = all[all.indexOf(reading) + step];
  if (next) next.focus();
  else if (step < 0) field.focus();
  else if (rows().length) go(rows()[0]);
}

function press(key) {
  here()?.querySelector(`[data-row-key="${key}"]:not([hidden])`)?.click();
}

desk.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const { key, target } = event;
  const reading = target.closest("[data-desk-reading]");
  if (target === field && key === "ArrowDown" && rows().length) go(rows()[0]);
  else if (target === field && key === "ArrowDown" && readings().length) readings()[0].focus();
  else if (reading && key === "ArrowDown") moveOn(reading, 1);
  else if (reading && key === "ArrowUp") moveOn(reading, -1);
  else if (target === field && key === "Escape") answer.focus();
  else if (target.matches("[data-row]") && key === "Enter") target.querySelector("[data-row-link]").click();
  else if (here() && key === "ArrowDown") move(1);
  else if (here() && key === "ArrowUp") move(-1);
  else return;
  event.preventDefault();
});

onKey("j", () => move(1));
onKey("k", () => move(-1));
for (const key of ["x", "c", "e", "f"]) onKey(key, () => press(key), () => here() !== null);

// Marks

function refresh() {
  showMarks();
  for (const button of answer.querySelectorAll("[data-copy]")) button.hidden = false;
  const [first, ...others] = rows();
  if (first) first.tabIndex = 0;
  for (const row of others) row.tabIndex = -1;
}

function showMarks() {
  for (const button of answer.querySelectorAll("[data-mark]")) {
    button.setAttribute("aria-pressed", String(isPicked(button.value)));
  }
}

function mark(button) {
  const { row: slug, name } = button.closest("[data-row]").dataset;
  toggle({ slug, name });
  showMarks();
  tell(`${isPicked(slug) ? desk.dataset.marked : desk.dataset.unmarked} ${name}`);
}

// Texts

async function copy(button) {
  const row = button.closest("[data-row]");
  const source = row.querySelector(`[data-text="${button.dataset.copy}"]`);
  let copied = true;
  try {
    await navigator.clipboard.writeText(source.textContent);
  } catch {
    copied = copyBySelection(source);
  }
  tell("");
  showCopied(button, copied);
  // In a moment of its own, so that copying twice is told twice.
  setTimeout(() => tell(`${copied ? desk.dataset.copied : desk.dataset.notCopied} ${row.dataset.name}`), 50);
}

// For a browser, or an address, without a clipboard for scripts.
function copyBySelection(source) {
  const details = source.closest("details");
  const wasOpen = details.open;
  details.open = true;
  const selection = getSelection();
  selection.selectAllChildren(source);
  const copied = document.execCommand("copy");
  if (copied) {
    selection.removeAllRanges();
    details.open = wasOpen;
  }
  return copied;
}

function showCopied(button, copied) {
  if (!copied) return;
  button.classList.add("is-done");
  setTimeout(() => button.classList.remove("is-done"), 2000);
}

answer.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mark], [data-copy]");
  if (!button) return choose(event);
  event.preventDefault();
  if ("mark" in button.dataset) mark(button);
  else copy(button);
});

// Folded, so that the rows come first; what is chosen by its key is shown.
const support = desk.querySelector("[data-desk-support]");
support.addEventListener("change", () => {
  support.open = true;
});

if (window.htmx) {
  document.addEventListener("htmx:configRequest", prepare);
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  answer.addEventListener("htmx:afterSettle", afterSwap);
  for (const gone of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    form.addEventListener(gone, tellAway);
  }
}
subscribe(showMarks);
refresh();
