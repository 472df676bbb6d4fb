// Picking a service area: find a municipality by name, tick provinces at once, click on the map.

const form = document.querySelector("[data-area]");
const picks = form.querySelector("[data-picks]");
const outcome = form.querySelector("[data-outcome]");
const status = form.querySelector("[data-area-status]");
const finder = form.querySelector("[data-area-filter]");
const provinces = [...picks.querySelectorAll("[data-province]")];
const openAtFirst = new Set(provinces.filter((province) => province.open));

const plain = (text) =>
  text.normalize("NFD").replace(/[^\p{Letter}\p{Number}]/gu, "").toLowerCase();

function find({ target }) {
  const wanted = plain(target.value);
  for (const province of provinces) {
    let found = 0;
    for (const row of province.querySelectorAll("[data-row]")) {
      row.hidden = !plain(row.querySelector("label").textContent).includes(wanted);
      found += !row.hidden;
    }
    province.hidden = found === 0;
    province.open = wanted ? found > 0 : openAtFirst.has(province);
  }
}

function count(province) {
  const boxes = [...province.querySelectorAll("[type=checkbox]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const told = province.querySelector(".count");
  told.textContent = told.textContent.replace(/\d+/, ticked);
}

function tickAll(event) {
  const button = event.target.closest("[data-tick-all]");
  if (!button) return;
  event.preventDefault();
  const province = button.closest("[data-province]");
  for (const box of province.querySelectorAll("[type=checkbox]")) {
    box.checked = button.dataset.tickAll === "yes";
  }
  province.dispatchEvent(new Event("change", { bubbles: true }));
}

function toggle({ target }) {
  const code = target.closest("[data-pickable] [data-code]")?.dataset.code;
  const box = code && picks.querySelector(`[value="${CSS.escape(code)}"]`);
  if (!box) return;
  box.checked = !box.checked;
  box.closest("[data-province]").open = true;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function tell() {
  const told = outcome.querySelectorAll("[data-summary] summary, [data-summary] > p, p[data-summary]");
  status.textContent = [...told].map((each) => each.textContent.trim().replace(/\s+/g, " ")).join(" ");
}

finder.hidden = false;
finder.addEventListener("input", find);
finder.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
picks.addEventListener("click", tickAll);
picks.addEventListener("change", ({ target }) => {
  const province = target.closest("[data-province]");
  if (province) count(province);
});

// What is no effect is the page to log in: the button asks again, and then the page is kept.
function refuse(event) {
  if (event.detail.xhr.responseText.includes("data-effect")) return;
  event.detail.shouldSwap = false;
  showButton();
}

function showButton() {
  form.classList.remove("live");
}

// Without htmx the effect is asked by its button.
if (window.htmx) {
  form.classList.add("live");
  form.addEventListener("click", toggle);
  form.addEventListener("htmx:beforeSwap", refuse);
  form.addEventListener("htmx:afterSettle", tell);
  for (const gone of ["htmx:sendError", "htmx:responseError"]) form.addEventListener(gone, showButton);
}
