/** Where the page is in what an operator gives: a front end as it was built, or the package that ComfyUI installs. */
export const GIVEN_PLACES = ['', 'static/', 'comfyui_frontend_package/static/', 'dist/'] as const;
