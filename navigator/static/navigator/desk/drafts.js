// The conversations that are open. Each is kept in this browser, for this person alone, from the
// first thing that is filled in until the server has confirmed it; other tabs see the same.
// A draft: {key, number, opened, state, fields, picks: [{slug, name}], links: [{title, url}]}, with
// `state` one of open, sending and refused; `fields` are those of the form, ticks as lists.

const panel = document.querySelector("[data-conversations]");
const SPACE = `desk:${panel?.dataset.user ?? ""}:`;
const DRAFT = `${SPACE}draft:`;
const HERE = `${SPACE}open`; // which one this tab shows
const ZONE = "Europe/Amsterdam";
const listeners = new Set();
const unkept = new Map(); // for a browser that keeps nothing, or is full

function read(storage, name) {
  try {
    return storage.getItem(name);
  } catch {
    return null;
  }
}

function write(storage, name, value) {
  try {
    if (value === null) storage.removeItem(name);
    else storage.setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function stored(key) {
  return parsed(read(localStorage, DRAFT + key)) ?? unkept.get(key) ?? null;
}

function keys() {
  const found = new Set(unkept.keys());
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(DRAFT)) found.add(name.slice(DRAFT.length));
    }
  } catch {
    // Nothing is kept here.
  }
  return found;
}

// All that wait here, in the order in which they were opened.
export function all() {
  const drafts = [...keys()].map(stored).filter(Boolean);
  return drafts.sort((one, other) => one.opened.localeCompare(other.opened) || one.number - other.number);
}

// Those that can be filled in.
export function open() {
  return all().filter((draft) => draft.state !== "sending");
}

export function find(key) {
  return stored(key);
}

// Keep a draft as it is now. Answers whether it survives a reload.
export function keep(draft) {
  const kept = write(localStorage, DRAFT + draft.key, JSON.stringify(draft));
  if (kept) unkept.delete(draft.key);
  else unkept.set(draft.key, draft);
  tell();
  return kept;
}

export function remove(key) {
  unkept.delete(key);
  write(localStorage, DRAFT + key, null);
  tell();
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // without HTTPS
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function number() {
  const taken = all().map((draft) => draft.number);
  let free = 1;
  while (taken.includes(free)) free += 1;
  return free;
}

function fresh() {
  const opened = new Date().toISOString();
  return { key: uuid(), number: number(), opened, state: "open", fields: {}, picks: [], links: [] };
}

export function isEmpty(draft) {
  const filled = Object.entries(draft.fields).some(
    ([name, value]) => !["channel", "moment"].includes(name) && value.length,
  );
  return !filled && !draft.picks.length && !draft.links.length;
}

// The draft that this tab shows; there is always one. An empty one takes place now, until something
// is filled in.
export function current() {
  const here = read(sessionStorage, HERE) ?? unkept.get(HERE);
  const drafts = open();
  let draft = drafts.find(({ key }) => key === here) ?? drafts.at(-1);
  if (!draft) {
    draft = fresh();
    show(draft);
    keep(draft);
  }
  return draft;
}

function show(draft) {
  if (!write(sessionStorage, HERE, draft.key)) unkept.set(HERE, draft.key);
}

// Show this conversation.
export function go(key) {
  const draft = stored(key);
  if (!draft) return;
  show(draft);
  tell();
}

// Begin another conversation, now. An empty one is used first.
export function openNew() {
  const draft = open().find(isEmpty) ?? fresh();
  draft.opened = new Date().toISOString();
  draft.fields = {};
  draft.state = "open";
  show(draft);
  keep(draft);
  return draft;
}

// Change the open conversation by a function, and keep it at once.
export function change(how) {
  const draft = current();
  if (isEmpty(draft) && !draft.fields.moment) draft.opened = new Date().toISOString();
  how(draft);
  return keep(draft);
}

// Mark an office for the open conversation, or take the mark away.
export function toggle({ slug, name }) {
  change((draft) => {
    const offices = (draft.fields.offices ?? []).filter((each) => each !== slug);
    if (draft.picks.some((pick) => pick.slug === slug)) {
      draft.picks = draft.picks.filter((pick) => pick.slug !== slug);
      draft.fields.offices = offices;
    } else {
      draft.picks.push({ slug, name });
      draft.fields.offices = [...offices, slug];
    }
  });
}

export function isPicked(slug) {
  return current().picks.some((pick) => pick.slug === slug);
}

// `callback` is called after every change, also by another tab.
export function subscribe(callback) {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

let telling = false;

function tell() {
  if (telling) return; // a listener that changes something has been told already
  telling = true;
  try {
    for (const callback of listeners) callback();
  } finally {
    telling = false;
  }
}

addEventListener("storage", (event) => {
  if (event.key === null || event.key.startsWith(DRAFT)) tell();
});

// A moment as its clock shows it in the Netherlands, for a field.
export function clock(moment) {
  const parts = new Intl.DateTimeFormat("nl-NL", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(moment));
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}
