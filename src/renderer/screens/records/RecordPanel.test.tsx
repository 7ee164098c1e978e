import { act, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { RecordDetail } from '../../../shared/contract/views.ts';
import { draw } from '../../testing/draw.tsx';
import { aRecord, fakeHost } from '../../testing/fake-host.ts';
import { RecordPanel } from './RecordPanel.tsx';

it.each([
  { reason: 'systemRecord', offered: 0 },
  { reason: null, offered: 1 },
] as const)('a record skipped for $reason is offered $offered links', async ({ reason, offered }) => {
  const record: RecordDetail = aRecord({ reason });
  await act(() => draw(<RecordPanel row={record} />, fakeHost({ record })));
  await screen.findByRole('heading', { name: record.label });
  expect(screen.queryAllByRole('button', { name: 'Link…' })).toHaveLength(offered);
});
