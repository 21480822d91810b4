import type { Capability, Message, UserMessage } from '#providers';

type UserPart = UserMessage['content'][number];

/** Stands in the prompt for a picture that the model cannot see. */
const UNSEEN = { type: 'text', text: '[A picture is here that this model cannot see. Say so if it matters.]' } as const;

export interface FittedPrompt {
  readonly prompt: Message[];
  /** Whether the newest message lost a picture: the person gets a notice. */
  readonly lostPicture: boolean;
}

/** The prompt as a model with these capabilities can take it: without vision, pictures become a remark. */
export function fitPrompt(prompt: readonly Message[], capabilities: ReadonlySet<Capability>): FittedPrompt {
  if (capabilities.has('vision')) return { prompt: [...prompt], lostPicture: false };
  const newest = prompt.findLast(({ role }) => role === 'user');
  return {
    prompt: prompt.map((message) =>
      message.role === 'user' && hasPicture(message) ? { ...message, content: message.content.map(blind) } : message,
    ),
    lostPicture: newest?.role === 'user' && hasPicture(newest),
  };
}

const hasPicture = ({ content }: UserMessage): boolean => content.some(({ type }) => type === 'image');
const blind = (part: UserPart): UserPart => (part.type === 'image' ? UNSEEN : part);
