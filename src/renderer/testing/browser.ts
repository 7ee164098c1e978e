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
// oxlint-disable-next-line typescript/unbound-method -- only asked whether it is there
Element.prototype.scrollTo ??= () => undefined;
// Nothing is laid out in jsdom; without a height no row would be in view.
Object.defineProperty(Element.prototype, 'clientHeight', { configurable: true, value: VIEW.height });
Object.defineProperty(Element.prototype, 'clientWidth', { configurable: true, value: VIEW.width });
