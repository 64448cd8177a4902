/* global SwaggerUIBundle, window */
window.addEventListener('load', () => {
  SwaggerUIBundle({
    url: '/openapi.yaml',
    dom_id: '#viewer',
    deepLinking: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
  });
});
