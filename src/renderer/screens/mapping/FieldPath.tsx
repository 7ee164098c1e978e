import { Fragment } from 'react';

/** A path breaks after its dots, where a person would break it. */
export const FieldPath = ({ path }: { readonly path: string }) =>
  path === ''
    ? '–'
    : path.split(/(?<=\.)/).map((step, index) => (
        <Fragment key={index}>
          {index === 0 ? null : <wbr />}
          {step}
        </Fragment>
      ));
