export function start(options: { readonly port: number }): Promise<{
  readonly url: string;
  readonly control: string;
  close(): Promise<void>;
}>;
