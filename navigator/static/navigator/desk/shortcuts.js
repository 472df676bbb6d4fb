// Keys of the desk, as `navigator/advice/shortcuts.py` declares them. A single key does what its
// element does: `data-shortcut="r"`. Never while somebody types, nor with Ctrl, Alt or Meta; and
// they can be switched off, which this browser remembers.

const OFF = "desk:single-keys";
const dialog = document.querySelector("[data-shortcuts]");
const handlers = new Map();

function areOn() {
  try {
    return localStorage.getItem(OFF) !== "off";
  } catch {
    return true;
  }
}

function turn(on) {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "off");
  } catch {
    // A browser that keeps nothing: they work until the page is left.
  }
}

// For what has no element of its own; `when` tells whether the key means anything now.
export function onKey(key, act, when = () => true) {
  handlers.set(key, { act, when });
}

const TICKS = ["radio", "checkbox"];
const NO_TEXT = [...TICKS, "button", "submit", "reset", "file", "range", "color", "image"];

function isTyped(target) {
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input") && !NO_TEXT.includes(target.type);
}

function isReachable(element) {
  if (element.disabled) return false;
  // A filter can be set while its list is folded away.
  return element.getClientRects().length > 0 || TICKS.includes(element.type);
}

function elementFor(key) {
  const all = document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`);
  return [...all].find(isReachable);
}

function use(element) {
  const clicks = element.matches("a, button, summary") || TICKS.includes(element.type);
  if (clicks) element.click();
  else {
    element.focus();
    element.select?.();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key.length !== 1 || event.key === " ") return;
  if (!areOn() || document.querySelector("dialog[open]") || isTyped(event.target)) return;
  const handler = handlers.get(event.key);
  if (handler?.when()) {
    event.preventDefault();
    handler.act();
    return;
  }
  const element = elementFor(event.key);
  if (!element) return;
  event.preventDefault();
  use(element);
});

if (dialog) {
  const sw = dialog.querySelector("[data-single-keys]");
  for (const button of document.querySelectorAll("[data-shortcuts-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      sw.checked = areOn();
      dialog.showModal();
    });
  }
  dialog.querySelector("[data-shortcuts-close]").addEventListener("click", () => dialog.close());
  // Beside the list is out of it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  sw.addEventListener("change", () => turn(sw.checked));
}
