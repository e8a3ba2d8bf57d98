type Tag = keyof HTMLElementTagNameMap;

export function el<T extends Tag>(tag: T, look: string, ...children: (Node | string)[]): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  if (look !== '') element.className = look;
  element.append(...children);
  return element;
}

export function button(label: string, look: string, press: () => void, name = label): HTMLButtonElement {
  const element = el('button', look, label);
  element.type = 'button';
  if (name !== label) element.setAttribute('aria-label', name);
  element.addEventListener('click', press);
  return element;
}
