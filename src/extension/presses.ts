/** Tells whether anything was pressed on the page since it was last asked. A front end that runs again by itself presses nothing. */
export function watchPresses(): () => boolean {
  let isPressed = false;
  for (const type of ['pointerdown', 'keydown'])
    window.addEventListener(
      type,
      () => {
        isPressed = true;
      },
      { capture: true },
    );
  return () => {
    const was = isPressed;
    isPressed = false;
    return was;
  };
}
