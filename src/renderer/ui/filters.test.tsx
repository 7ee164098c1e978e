import { act, fireEvent, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { fakeHost } from '../testing/fake-host.ts';
import { SearchField } from './filters.tsx';

const type = (value: string) => fireEvent.change(screen.getByLabelText('Find'), { target: { value } });

it('asks at each key, and not for what is the same but for spaces', async () => {
  const asked: (string | undefined)[] = [];
  await act(() =>
    draw(<SearchField label="Find" value={undefined} onFind={(find) => asked.push(find)} />, fakeHost({})),
  );
  for (const text of ['h', 'ha', 'ha ', 'hav', '']) type(text);
  expect(asked).toEqual(['h', 'ha', 'hav', undefined]);
});
