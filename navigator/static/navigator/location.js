// "Use my location": the browser's location goes with the form, by POST, and is not kept.

const form = document.querySelector("[data-location-form]");
const button = form?.querySelector("[data-locate]");
const status = form?.querySelector("[data-location-status]");

const LONGEST_WAIT_MS = 12_000;
const OLDEST_MS = 300_000;

function tell(words) {
  button.disabled = false;
  status.textContent = words;
}

function send({ coords }) {
  form.elements.postcode.value = "";
  // Three decimals are some 100 metres: enough for a postcode, and no more than that.
  form.elements.latitude.value = coords.latitude.toFixed(3);
  form.elements.longitude.value = coords.longitude.toFixed(3);
  form.requestSubmit();
}

function refuse(error) {
  const denied = error.code === error.PERMISSION_DENIED;
  tell(denied ? button.dataset.denied : button.dataset.failed);
}

if (button && "geolocation" in navigator && window.isSecureContext) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    status.textContent = button.dataset.asking;
    navigator.geolocation.getCurrentPosition(send, refuse, {
      timeout: LONGEST_WAIT_MS,
      maximumAge: OLDEST_MS,
    });
  });
  // Back from the answer, the page may stand as it was left.
  addEventListener("pageshow", () => {
    tell("");
    form.elements.latitude.value = "";
    form.elements.longitude.value = "";
  });
}
