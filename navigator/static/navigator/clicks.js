// Tells this site that a link of an office was followed, and which kind of link; nothing about who.
// The link goes where it goes, at once. When this fails nobody notices.

const MIDDLE_BUTTON = 1;

function count({ target }) {
  const link = target.closest?.("a[data-click]");
  const to = link?.closest("[data-clicks-to]")?.dataset.clicksTo;
  const office = link?.closest("[data-office]")?.dataset.office;
  if (!to || !office) return;
  const told = new FormData();
  told.set("office", office);
  told.set("target", link.dataset.click);
  try {
    if (navigator.sendBeacon(to, told)) return;
  } catch {
    // A browser without it, or one that refuses.
  }
  fetch(to, { method: "POST", body: told, keepalive: true }).catch(() => {});
}

document.addEventListener("click", count); // by keyboard too
document.addEventListener("auxclick", (event) => {
  if (event.button === MIDDLE_BUTTON) count(event);
});
