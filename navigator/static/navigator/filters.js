// With htmx a choice counts at once: the button can go, and the outcome is read aloud.

const button = document.querySelector("[data-filter-button]");
const status = document.querySelector("[data-filter-status]");

function countTicks() {
  const ticked = document.querySelector("[data-ticked]");
  ticked.textContent = document.querySelectorAll("[data-ticks] :checked").length;
  ticked.hidden = ticked.textContent === "0";
}

// The address is shared: it shows what was chosen, and nothing else.
function leaveOutWhatIsEmpty({ detail: { parameters } }) {
  for (const name of Object.keys(parameters)) {
    if (parameters[name] === "") delete parameters[name];
  }
}

function tellOutcome() {
  const summary = document.querySelector("[data-summary]")?.textContent ?? "";
  status.textContent = summary.trim().replace(/\s+/g, " ");
}

// htmx notes the address for its own history, which is not used; nothing stays in the browser.
function keepNothing() {
  try {
    sessionStorage.removeItem("htmx-current-path-for-history");
  } catch {
    // A browser that keeps nothing at all.
  }
}

if (window.htmx) {
  keepNothing();
  document.addEventListener("htmx:pushedIntoHistory", keepNothing);
}

if (window.htmx && button) {
  button.hidden = true;
  button.form.addEventListener("change", countTicks);
  document.addEventListener("htmx:configRequest", leaveOutWhatIsEmpty);
  document.addEventListener("htmx:afterSettle", tellOutcome);
  // An answer that does not come is asked again without htmx.
  for (const gone of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(gone, () => button.form.submit());
  }
}
