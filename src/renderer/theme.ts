import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

/** A deep fjord blue: calm on both grounds, and far enough from the green, amber and red that carry meaning. */
const fjord: MantineColorsTuple = [
  '#eaf6fa',
  '#d6eaf1',
  '#abd5e3',
  '#7dbfd6',
  '#58adca',
  '#41a1c3',
  '#2f8fb2',
  '#1d7596',
  '#11607f',
  '#0b4a63',
];

/** Blue-grey, as the surfaces in shell.css are: Mantine's own grey beside them looks soiled. */
const dark: MantineColorsTuple = [
  '#d5dce3',
  '#b8c2cb',
  '#8d99a5',
  '#66727d',
  '#46515c',
  '#36404a',
  '#252d35',
  '#1b2127',
  '#151a1f',
  '#0f1317',
];

export const theme = createTheme({
  primaryColor: 'fjord',
  colors: { fjord, dark },
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  respectReducedMotion: true,
});

const hues = ['fjord', 'blue', 'green', 'red', 'orange', 'yellow', 'gray', 'teal', 'grape', 'violet'];
const lightText = (hue: string): [string, string] => [
  `--mantine-color-${hue}-light-color`,
  `color-mix(in srgb, var(--mantine-color-${hue}-9) 65%, black)`,
];

/** Mantine's own greys and tints miss the 4.5:1 of WCAG 2.2 AA; these do not. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    ...Object.fromEntries(hues.map(lightText)),
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
  },
});
