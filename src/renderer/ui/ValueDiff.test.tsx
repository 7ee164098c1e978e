import { expect, it } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { ComparedValue, ValueDiff, ValueText } from './ValueDiff.tsx';

const marks = (root: HTMLElement): (string | null)[] =>
  [...root.querySelectorAll('mark')].map((mark) => mark.textContent);

it('N1, N2: not read and empty never look alike', async () => {
  const { container } = await draw(
    <>
      <ValueText value={undefined} />, <ValueText value={null} />
    </>,
  );
  expect(container.textContent).toContain('not read, empty');
});

it('marks what differs from the other side', async () => {
  const { container } = await draw(<ComparedValue value="Storgata 14" against="Storgata 15" />);
  expect(marks(container)).toEqual(['4']);
});

it('shows what will go and what will come, each with its marks', async () => {
  const { container } = await draw(<ValueDiff now="0155" desired="0156" />);
  expect(container.querySelector('del')?.textContent).toBe('Now: 0155');
  expect(container.querySelector('ins')?.textContent).toBe('Will be: 0156');
  expect(marks(container)).toEqual(['5', '6']);
});

it('a value to be emptied is shown as empty, not as nothing', async () => {
  const { container } = await draw(<ValueDiff now="0155" desired={null} />);
  expect(container.querySelector('ins')?.textContent).toBe('Will be: empty');
});
