// With htmx a choice counts at once: the button can go, and the outcome is read aloud.

const button = document.querySelector("[data-filter-button]");
const status = document.querySelector("[data-filter-status]");

if (window.htmx && button) {
  button.hidden = true;
  document.addEventListener("htmx:afterSettle", () => {
    status.textContent = document.querySelector("[data-summary]")?.textContent.trim() ?? "";
  });
  // An answer that does not come is asked again without htmx.
  for (const gone of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(gone, () => button.form.submit());
  }
}
