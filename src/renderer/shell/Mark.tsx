/** The bridge over the fjord, as in assets/icon.svg; the name stands beside it. */
export function Mark() {
  return (
    <svg viewBox="0 0 64 64" width="28" height="28" aria-hidden>
      <rect width="64" height="64" rx="14" fill="#12425c" />
      <g transform="translate(0 -4)" fill="none" strokeLinecap="round">
        <path d="M22 42V27M32 42V24M42 42V27" stroke="#8fd3e8" strokeWidth="3" />
        <path d="M8 42h48M12 42a20 20 0 0 1 40 0" stroke="#fff" strokeWidth="4" />
        <path d="M8 52c4 0 4-3 8-3s4 3 8 3 4-3 8-3 4 3 8 3 4-3 8-3 4 3 8 3" stroke="#8fd3e8" strokeWidth="3" />
      </g>
    </svg>
  );
}
