import { useTranslation } from 'react-i18next';
import type { Side } from '../../shared/domain.ts';
import { SideName } from './parts.tsx';

/** The native ids of a pair, each under its system's mark. */
export function Ids(props: { readonly customerpId: string | null; readonly tidsbankenId: string | null }) {
  return (
    <>
      <Id side="customerp" id={props.customerpId} />
      <Id side="tidsbanken" id={props.tidsbankenId} />
    </>
  );
}

function Id({ side, id }: { readonly side: Side; readonly id: string | null }) {
  const { t } = useTranslation();
  return id === null ? null : (
    <span className="side" title={t(`side.${side}`)}>
      <SideName side={side} short /> {id}
    </span>
  );
}
