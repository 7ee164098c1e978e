/** The bridge over the fjord, as in assets/icon.svg; the name stands beside it. */
export function Mark() {
  return (
    <svg viewBox="0 0 64 64" width="28" height="28" aria-hidden>
      <rect width="64" height="64" rx="14" fill="#12425c" />
      <path d="M8 42h48M12 42a20 20 0 0 1 40 0" fill="none" stroke="#fff" strokeWidth="4" strokeLinecap="round" />
      <path d="M22 42V27M32 42V22M42 42V27" stroke="#8fd3e8" strokeWidth="3" strokeLinecap="round" />
      <path
        d="M9 51c4 0 4-3 8-3s4 3 8 3 4-3 8-3 4 3 8 3 4-3 8-3 4 3 6 3"
        fill="none"
        stroke="#8fd3e8"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
