/** Where the page is in what an operator gives: the package that ComfyUI installs, or a front end as it was built. Its source has an `index.html` too, so the folder itself comes last. */
export const GIVEN_PLACES = ['comfyui_frontend_package/static/', 'static/', 'dist/', ''] as const;
