Redoc.init("/api/v1/openapi.json", { hideDownloadButton: false }, document.getElementById("page"));
