type Tag = keyof HTMLElementTagNameMap;

export function el<T extends Tag>(tag: T, className: string, ...children: (Node | string)[]): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}

export function button(label: string, className: string, press: () => void, name = label): HTMLButtonElement {
  const element = el('button', className, label);
  element.type = 'button';
  if (name !== label) element.setAttribute('aria-label', name);
  element.addEventListener('click', press);
  return element;
}
