import type { PresetView } from '../../../shared/contract/setup.ts';
import { PRESETS, isPresetName, presetDescriptor } from '../../connectors/create-connector.ts';
import { secretNames } from '../../connectors/descriptor/descriptor.ts';

/** The systems that can be connected without a descriptor of one's own, and what each needs. */
export function presetViews(): PresetView[] {
  return Object.keys(PRESETS)
    .filter(isPresetName)
    .map((name) => {
      const { side, baseUrl, signIn } = presetDescriptor(name);
      return {
        name,
        side,
        url: baseUrl ?? '',
        secrets: secretNames(signIn).map((key) => ({ key, variable: variableFor(side, key) })),
      };
    });
}

/** `TIDSBRO_<SYSTEM>_<KEY>`, as `tidsbro init` writes it; the portal's header has a name that nobody should have to type. */
const SHORT: Readonly<Record<string, string>> = { 'Ocp-Apim-Subscription-Key': 'SUBSCRIPTION_KEY' };

const variableFor = (side: string, key: string): string =>
  `TIDSBRO_${side.toUpperCase()}_${SHORT[key] ?? key.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
