// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { late } from './late.ts';
import { LatePart } from './LatePart.tsx';
import { draw } from './testing/draw.tsx';
import { ScreenHead } from './ui/parts.tsx';

afterEach(cleanup);

const HEAD = <ScreenHead title="Records" lead="" />;
const Part = ({ word }: { readonly word: string }) => <p>Here is {word}</p>;

it('shows the head and that it waits, then the part in their place', async () => {
  const coming = Promise.withResolvers<typeof Part>();
  await draw(<LatePart part={late(() => coming.promise)} props={{ word: 'one' }} head={HEAD} />);
  expect(screen.getByRole('heading', { name: 'Records' })).toBeTruthy();
  expect(screen.getByRole('status').textContent).toContain('Loading');
  coming.resolve(Part);
  expect(await screen.findByText('Here is one')).toBeTruthy();
  expect(screen.queryByRole('heading', { name: 'Records' })).toBeNull();
});

it('says what to do when the part cannot be loaded, and shows it when another try succeeds', async () => {
  const ask = vi.fn<() => Promise<typeof Part>>().mockRejectedValueOnce(new TypeError('404')).mockResolvedValue(Part);
  await draw(<LatePart part={late(ask)} props={{ word: 'two' }} head={HEAD} />);
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Nothing was changed');
  expect(alert.textContent).toContain('start Tidsbro again');
  expect(screen.getByRole('button', { name: 'Load the window again' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Here is two')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
  expect(ask).toHaveBeenCalledTimes(2);
});

it('is there at once where it was loaded before, and is asked for once by however many', async () => {
  const ask = vi.fn<() => Promise<typeof Part>>().mockResolvedValue(Part);
  const part = late(ask);
  await Promise.all([part.load(), part.load()]);
  await draw(<LatePart part={part} props={{ word: 'three' }} head={HEAD} />);
  expect(screen.getByText('Here is three')).toBeTruthy();
  expect(ask).toHaveBeenCalledTimes(1);
});
