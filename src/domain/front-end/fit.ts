/** Whether the front end that the operator gives is the one that the workers' ComfyUI asks for. */
export function givenWords(version: string | null, required: string | null): { isFit: boolean; sentence: string } {
  const name =
    version === null ? 'The front end of COMFYUI_FRONTEND' : `The front end of COMFYUI_FRONTEND, ${version},`;
  if (version === null || required === null) return { isFit: true, sentence: `${name} is used.` };
  return version === required
    ? { isFit: true, sentence: `${name} is used. It is the version that the workers ask for.` }
    : {
        isFit: false,
        sentence: `${name} is used, but the workers ask for ${required}. Set COMFYUI_FRONTEND to that version if the editor shows errors.`,
      };
}
