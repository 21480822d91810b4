/** A node of Markdown's tree, as far as our plugins use it. */
export interface TreeNode {
  type: string;
  value?: string;
  children?: TreeNode[];
  position?: { readonly start: { readonly offset?: number }; readonly end: { readonly offset?: number } };
  data?: { readonly hName?: string; readonly hProperties?: Readonly<Record<string, unknown>> };
  [field: string]: unknown;
}

export const startOf = (node: TreeNode): number => node.position?.start.offset ?? 0;
export const endOf = (node: TreeNode): number => node.position?.end.offset ?? 0;
