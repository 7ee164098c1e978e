/** What jsdom lacks of a browser. Imported by tests for its effect. */
const VIEW = { width: 800, height: 600 };

class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResize;
globalThis.matchMedia ??= (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
  dispatchEvent: () => false,
});
Element.prototype.scrollTo ??= () => undefined;
// Nothing is laid out in jsdom; without a height no row would be in view.
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, value: VIEW.height });
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { configurable: true, value: VIEW.width });
