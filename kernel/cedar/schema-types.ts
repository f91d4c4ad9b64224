/** What a schema says about data, as far as reading it needs. */
export type Type =
  | { readonly kind: 'plain' }
  | { readonly kind: 'entity' }
  | { readonly kind: 'extension'; readonly name: string }
  | { readonly kind: 'set'; readonly element: Type }
  | { readonly kind: 'tags'; readonly element: Type }
  | { readonly kind: 'record'; readonly attributes: ReadonlyMap<string, Type> }
