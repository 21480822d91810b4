import { Template } from '@huggingface/jinja';
import type { Message } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';

/** ChatML, with what ends each message. */
const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
const CHATML_END = '<|im_end|>';

export interface ChatTemplate {
  /** What the answer must not run beyond, for a model that does not know it by itself. */
  readonly stop: readonly string[];
  /** The prompt as one text that ends where the model is to go on. @throws Error where the template refuses it */
  render(prompt: readonly Message[], warnings: Warning[]): string;
}

/** @throws Error for a template that is none */
export function chatTemplate(init: {
  readonly chatTemplate?: string | undefined;
  readonly bosToken: string;
  readonly eosToken: string;
}): ChatTemplate {
  const template = new Template(init.chatTemplate ?? CHATML);
  return {
    stop: init.chatTemplate === undefined ? [CHATML_END] : [],
    render: (prompt, warnings) =>
      template.render({
        messages: prompt.flatMap((message) => toTemplate(message, warnings)),
        add_generation_prompt: true,
        bos_token: init.bosToken,
        eos_token: init.eosToken,
      }),
  };
}

/** A message as chat templates know it: a role and a text. */
function toTemplate(message: Message, warnings: Warning[]): { role: string; content: string }[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
    case 'assistant':
      return [{ role: message.role, content: textOf(message, warnings) }];
    case 'tool':
      return message.content.map(({ output }) => ({ role: 'tool', content: output }));
    default:
      return message satisfies never;
  }
}

function textOf({ content }: Extract<Message, { role: 'user' | 'assistant' }>, warnings: Warning[]): string {
  const texts: string[] = [];
  for (const part of content) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'image' || part.type === 'file') {
      warnings.push({ code: 'unsupported_content', detail: 'this API takes nothing but text' });
    }
  }
  return texts.join('\n\n');
}
