/** The page waits for the server; with a label, a line says for what. */
export function Typing({ label }: { readonly label?: string | undefined }) {
  return (
    <p className="typing">
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {label}
    </p>
  );
}
