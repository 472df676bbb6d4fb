// What is handed on: copy an address or a text, print a page, and let the links that open a mail or
// a text message follow what is typed. Without scripts all of it can still be selected and sent.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // not on a site without HTTPS
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

async function copy(button) {
  const from = document.getElementById(button.dataset.copy);
  const told = button.parentElement.querySelector("[data-copied]");
  let words = button.dataset.done;
  try {
    await navigator.clipboard.writeText(from.value);
  } catch {
    from.focus();
    from.select();
    words = button.dataset.failed;
  }
  // Emptied first, so that it is read out a second time too.
  told.textContent = "";
  setTimeout(() => { told.textContent = words; });
}

for (const field of document.querySelectorAll("textarea[data-sent-by]")) {
  const link = document.getElementById(field.dataset.sentBy);
  const start = link?.getAttribute("href").split("body=")[0];
  if (!link) continue;
  field.addEventListener("input", () => {
    link.setAttribute("href", `${start}body=${encodeURIComponent(field.value.replaceAll("\n", "\r\n"))}`);
  });
}
