/* global SwaggerUIBundle, window */
window.addEventListener('load', () => {
  SwaggerUIBundle({
    url: '/openapi.yaml',
    dom_id: '#viewer',
    deepLinking: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    // The viewer encodes the slashes of a path parameter, which below /files/ separate folders.
    requestInterceptor: (request) => {
      const [path, query] = request.url.split('?');
      const isFile = new URL(path, window.location).pathname.startsWith('/files/');
      if (isFile) request.url = path.replaceAll('%2F', '/') + (query === undefined ? '' : `?${query}`);
      return request;
    },
  });
});
