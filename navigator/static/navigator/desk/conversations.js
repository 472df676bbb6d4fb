// The conversation panel of the desk: several conversations are open side by side in one form, and
// what is filled in is kept at once. Without this the form registers one conversation.

import * as drafts from "./drafts.js";
import * as groups from "./groups.js";
import * as outbox from "./outbox.js";
import { pieces, links, picks } from "./pieces.js";

const panel = document.querySelector("[data-conversations]");
const form = panel?.querySelector("[data-conversation-form]");
const CHANNEL = `desk:${panel?.dataset.user}:channel`;
const NOT_DRAFTED = new Set(["csrfmiddlewaretoken", "base", "typed_by", "key"]);
const words = panel?.querySelector("[data-words]").dataset;

let shown; // the key of the draft in the form

const say = (name, draft) =>
  words[name].replace("{number}", draft.number).replace("{time}", time(draft));

const moment = (draft) => draft.fields.moment || drafts.clock(draft.opened);
const time = (draft) => moment(draft).slice(11, 16);

function tell(text) {
  panel.querySelector("[data-told]").textContent = text;
}

function lastChannel() {
  try {
    return localStorage.getItem(CHANNEL) ?? "";
  } catch {
    return "";
  }
}

// Between the draft and the form

function fieldsNow() {
  const fields = {};
  for (const field of form.elements) {
    if (!field.name || NOT_DRAFTED.has(field.name)) continue;
    if (field.type === "checkbox") {
      fields[field.name] ??= [];
      if (field.checked) fields[field.name].push(field.value);
    } else if (field.type === "radio") {
      if (field.checked) fields[field.name] = field.value;
    } else {
      fields[field.name] = field.value;
    }
  }
  return fields;
}

function fill(draft) {
  shown = draft.key;
  const channel = draft.fields.channel ?? lastChannel();
  for (const field of form.elements) {
    if (!field.name || NOT_DRAFTED.has(field.name) || field.name === "offices") continue;
    const value = draft.fields[field.name];
    if (field.type === "radio") field.checked = field.value === channel;
    else if (field.type === "checkbox") field.checked = (value ?? []).includes(field.value);
    else if (field.name === "moment") field.value = moment(draft);
    else field.value = value ?? "";
  }
  form.elements.key.value = draft.key;
  showErrors(draft.errors ?? {});
  groups.rove(form);
}

// The moment is that of the opening, unless somebody chose another one; emptied it is now.
function kept(draft, name) {
  const before = draft.fields.moment ?? "";
  draft.fields = fieldsNow();
  if (name !== "moment") draft.fields.moment = before;
  else if (!draft.fields.moment) draft.opened = new Date().toISOString();
}

function showMoment(draft) {
  const field = form.elements.moment;
  if (field !== document.activeElement) field.value = moment(draft);
}

function changed(event) {
  const name = event.target.name;
  const survives = drafts.change((draft) => {
    if (draft.key !== shown) return; // another tab took it away: it is in the next one
    kept(draft, name);
    if (draft.errors) delete draft.errors[name];
  });
  const wrong = form.querySelector(`[data-wrong="${CSS.escape(name)}"]`);
  if (wrong) wrong.hidden = true;
  if (!survives) tell(words.unkept);
}

// Errors

function showErrors(errors) {
  for (const wrong of form.querySelectorAll("[data-wrong]")) {
    const told = errors[wrong.dataset.wrong] ?? [];
    wrong.replaceChildren(...told.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    wrong.hidden = !told.length;
    const field = form.elements[wrong.dataset.wrong];
    if (field instanceof HTMLElement) field.toggleAttribute("aria-invalid", told.length > 0);
    if (field instanceof HTMLElement && told.length) field.setAttribute("aria-invalid", "true");
  }
  const place = form.querySelector("[data-errors]");
  place.replaceChildren();
  if (!Object.keys(errors).length) return;
  const notice = pieces.errors();
  for (const [name, told] of Object.entries(errors)) {
    for (const text of told) {
      const line = document.createElement("li");
      const target = name && document.getElementById(`id_${name}`);
      const link = target ? Object.assign(document.createElement("a"), { href: `#id_${name}` }) : line;
      link.textContent = text;
      if (link !== line) line.append(link);
      notice.querySelector("ul").append(line);
    }
  }
  place.append(notice);
}

function focusOnErrors() {
  form.querySelector("[data-errors] [role=alert]")?.focus();
}

// Registering

function missing(fields) {
  const errors = {};
  if (!fields.channel) errors.channel = [words.noChannel];
  if (!fields.destination?.length) errors.destination = [words.noOutcome];
  return errors;
}

function body(draft, fields) {
  const pairs = [["key", draft.key]];
  for (const [name, value] of Object.entries({ ...fields, moment: moment(draft) })) {
    for (const each of Array.isArray(value) ? value : [value]) pairs.push([name, each]);
  }
  return pairs;
}

function register(event) {
  event.preventDefault();
  const draft = drafts.current();
  if (draft.key !== shown) return;
  kept(draft);
  const errors = missing(draft.fields);
  if (Object.keys(errors).length) {
    drafts.keep({ ...draft, errors });
    showErrors(errors);
    focusOnErrors();
    return;
  }
  try {
    localStorage.setItem(CHANNEL, draft.fields.channel);
  } catch {
    // The next one begins without a channel.
  }
  outbox.send(draft, body(draft, draft.fields));
  // The next call begins with a search.
  const search = document.querySelector("[data-shortcut='/']") ?? form.querySelector("legend");
  search.focus();
}

function heard(what, draft, answer) {
  if (what === "done") {
    showRegistered(draft, answer);
  } else if (what === "refused") {
    if (!Object.keys(draft.errors).length) drafts.keep({ ...draft, errors: { "": [words.refused] } });
    // It comes back by itself, unless another conversation is being filled in.
    if (drafts.isEmpty(drafts.current())) {
      drafts.go(draft.key);
      focusOnErrors();
    }
    tell(say("back", draft));
  } else {
    tell(say(what, draft));
  }
  showWaiting(what === "sending" ? null : what, draft);
}

function showRegistered(draft, answer) {
  const notice = pieces.registered();
  const text = say("done", draft);
  notice.querySelector("p span").textContent = text;
  notice.querySelector("[data-correct]").href = answer.url;
  notice.querySelector("[data-withdraw]").href = `${answer.url}#withdraw`;
  const slip = notice.querySelector("[data-slip-form]");
  if (answer.referral) slip.elements.referral.value = answer.referral;
  else slip.remove();
  panel.querySelector("[data-registered]").replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
  tell(text);
}

// Side by side

const why = new Map(); // the key of a draft that waits -> what for

function showWaiting(what, draft) {
  if (what === "away" || what === "login") why.set(draft.key, what);
  else why.delete(draft?.key);
  const list = panel.querySelector("[data-outbox]");
  const waiting = drafts.all().filter(({ state }) => state === "sending");
  list.hidden = !waiting.length;
  list.replaceChildren(
    ...waiting.map((each) => {
      const line = pieces.waiting();
      const reason = why.get(each.key) ?? "sending";
      line.querySelector("span").textContent = say(reason, each);
      line.querySelector("a").hidden = reason !== "login";
      line.querySelector("button").hidden = reason === "sending";
      return line;
    }),
  );
}

function showTabs(draft) {
  const open = drafts.open();
  panel.querySelector("[data-tabs]").replaceChildren(
    ...open.map((each) => {
      const tab = pieces.tab();
      const button = tab.querySelector("button");
      const wrong = each.errors && Object.keys(each.errors).length;
      button.textContent = `${each.number} · ${time(each)}${wrong ? " !" : ""}`;
      button.setAttribute("aria-label", say(wrong ? "refusedTab" : "tab", each));
      button.dataset.key = each.key;
      if (each.key === draft.key) button.setAttribute("aria-current", "true");
      return tab;
    }),
  );
  for (const step of panel.querySelectorAll("[data-step]")) step.hidden = open.length < 2;
  panel.querySelector("[data-discard]").hidden = open.length < 2 && drafts.isEmpty(draft);
}

function step(by) {
  const open = drafts.open();
  const here = open.findIndex(({ key }) => key === drafts.current().key);
  show(open.at((here + by + open.length) % open.length));
}

function show(draft) {
  drafts.go(draft.key);
  tell(say("tab", draft));
}

function discard() {
  const draft = drafts.current();
  if (!drafts.isEmpty(draft) && !confirm(words.discard)) return;
  drafts.remove(draft.key);
  form.querySelector("legend").focus();
}

function render() {
  const draft = drafts.current();
  const tabs = panel.querySelector("[data-tabs]");
  const hadFocus = tabs.contains(document.activeElement);
  showTabs(draft);
  if (hadFocus) tabs.querySelector("[aria-current]")?.focus();
  picks.show(draft);
  // What another tab does to the same one is shown as soon as nobody types here.
  if (draft.key !== shown || !document.hasFocus()) fill(draft);
  showMoment(draft);
  showWaiting();
}

function begin() {
  for (const part of panel.querySelectorAll("[data-scripted]")) part.hidden = false;
  groups.begin(form);
  form.addEventListener("input", changed);
  form.addEventListener("submit", register);
  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.key) show(drafts.find(button.dataset.key));
    else if (button.dataset.step) step(Number(button.dataset.step));
    else if ("new" in button.dataset) tell(say("tab", drafts.openNew()));
    else if ("discard" in button.dataset) discard();
    else if ("again" in button.dataset) outbox.again();
  });
  links.begin();
  drafts.subscribe(render);
  render();
  outbox.start({ url: form.action, user: panel.dataset.user, tell: heard });
}

if (form) begin();
