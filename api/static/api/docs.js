// Shows the API's description. No validator and no other site is asked.
const place = document.getElementById("description");

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.address,
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
});
