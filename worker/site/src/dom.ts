/** The few DOM helpers the page needs: find what index.html promises, and make small elements. */

export function byId<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} with the id ${id}`);
  return found;
}

export function byTestId(id: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-testid=${id}]`);
  if (!found) throw new Error(`index.html has no element with the data-testid ${id}`);
  return found;
}

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
