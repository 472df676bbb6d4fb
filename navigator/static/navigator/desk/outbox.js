// Conversations that wait to be registered. Each stays in this browser until the server has said that
// it has it. It may be sent more than once; its key sees to it that it is stored once.

import { all, find, keep, remove } from "./drafts.js";

const PAUSES_S = [1, 2, 5, 15, 30, 60];
const LONGEST_S = 20; // an answer that takes longer is taken for lost

let address;
let who;
let told = () => {};
let tries = 0;
let timer;
let busy = false;

// `tell(what, draft, answer)` hears what became of a draft: sending, away, login, done or refused.
export function start({ url, user, tell }) {
  address = url;
  who = user;
  told = tell;
  addEventListener("online", again);
  addEventListener("focus", again);
  document.addEventListener("visibilitychange", () => document.hidden || again());
  addEventListener("storage", () => plan());
  again();
}

// Lock a draft with what is to be sent, and send it.
export function send(draft, body) {
  keep({ ...draft, state: "sending", body, errors: undefined });
  told("sending", draft);
  again();
}

// Try at once.
export function again() {
  tries = 0;
  clearTimeout(timer);
  return flush();
}

function waiting() {
  return all().filter((draft) => draft.state === "sending");
}

function plan() {
  clearTimeout(timer);
  if (!waiting().length) return;
  const pause = PAUSES_S[Math.min(tries, PAUSES_S.length - 1)];
  timer = setTimeout(flush, pause * 1000);
}

async function flush() {
  if (busy || !waiting().length) return;
  busy = true;
  try {
    await alone(async () => {
      for (const { key } of waiting()) {
        const draft = find(key);
        // Another tab may have had its answer meanwhile.
        if (draft?.state === "sending") await attempt(draft);
      }
    });
  } finally {
    busy = false;
    tries += 1;
    plan();
  }
}

// One tab sends at a time, where the browser can tell. Twice would do no harm.
function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(`desk:${who}:outbox`, { ifAvailable: true }, (lock) => lock && work());
}

// As it is now: logging in, also in another tab, makes a new one.
function token() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return found ? decodeURIComponent(found[1]) : "";
}

async function attempt(draft) {
  const body = new URLSearchParams(draft.body);
  body.set("who", who);
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), LONGEST_S * 1000);
  let answer;
  let content;
  try {
    answer = await fetch(address, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      redirect: "manual",
      signal: stop.signal,
    });
    content = isJson(answer) ? await answer.json() : null;
  } catch {
    told("away", draft);
    return;
  } finally {
    clearTimeout(late);
  }
  judge(draft, answer, content);
}

function isJson(answer) {
  return (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
}

function judge(draft, answer, content) {
  if (answer.ok && content?.key === draft.key) {
    remove(draft.key);
    told("done", draft, content);
  } else if (answer.type === "opaqueredirect" || answer.status === 403) {
    told("login", draft);
  } else if (content?.errors) {
    refuse(draft, content.errors, answer.status === 409);
  } else if ([400, 404, 405, 413].includes(answer.status)) {
    refuse(draft, {}, false);
  } else {
    told("away", draft); // an error of the server, or an answer that isn't the server's
  }
}

// Open it again, with what is wrong. Where its key stands for something else it gets another.
function refuse(draft, errors, isTaken) {
  const open = { ...draft, state: "refused", errors };
  delete open.body;
  if (isTaken) {
    open.key = crypto.randomUUID?.() ?? `${draft.key.slice(0, 24)}${Date.now().toString(16).padStart(12, "0")}`;
    keep(open);
    remove(draft.key);
  } else {
    keep(open);
  }
  told("refused", open);
}
