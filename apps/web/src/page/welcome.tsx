const IDEAS = [
  'Explain server-sent events in three sentences',
  'Compare a queue and a log in a small table',
  'Write a shell one-liner that counts lines per file type',
];

/** The first screen of a new conversation. */
export function Welcome({ onSend }: { readonly onSend: (text: string) => void }) {
  return (
    <div className="welcome column">
      <h1>What would you like to know?</h1>
      <ul>
        {IDEAS.map((idea) => (
          <li key={idea}>
            <button type="button" onClick={() => onSend(idea)}>
              {idea}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
