#!/usr/bin/env node
// Scripted fake LLM provider: OpenAI Chat Completions + Responses on one port. Node >= 20, no dependencies.
//
//   node fake-provider.mjs [--port 4020] [--host 127.0.0.1] [--control /__control] [--latency 40] [--aux-text "Fake title"] [--firehose]
//   import { start } from './fake-provider.mjs';   const { url, control, close } = await start({ port: 0 });
//
// url (…/v1) is the OpenAI base URL, any API key will do; control is the replayer's --provider value.
//
// CONTROL   POST <control> {scripts:[…]}   replaces the queue, clears the log; 400 on an unknown or useless key (queue left empty)
//           GET  <control>/calls[?aux=1]   {calls:[{wire, model, stream, input, instructions, tools, raw, headers, script,
//                                          started_at, ended_at, cancelled?, cancelled_at?, ignored?, aux?}], left}
//           cancelled: the client closed the connection before the answer was complete.
// OTHER     GET /health, GET /v1/models, POST /v1/audio/transcriptions -> "<media type>:<byte count>"
//
// SCRIPTS   A model call takes the first script whose when.input_contains (if any) occurs in JSON.stringify(input). None left:
//           the call is logged and answered 500 "no provider script left". Output order: reasoning, image, text, tool calls.
//   text, deltas              default: one delta. A delta boundary inside a surrogate pair moves to the next delta, as a real
//                             provider never sends half a character; split_surrogates: true sends the halves (as \ud83d escapes)
//   delay_ms                  before each text delta, after each reasoning fragment
//   hang_after: n             silent after n text deltas, connection open
//   reasoning: [[fragments]]  Responses: one summary part per thought. Chat: reasoning_content deltas; thoughts are separated by
//                             one delta that is exactly "\n\n"
//   hang_in_reasoning_after   silent before this fragment (index within a thought)
//   tool_call / tool_calls    {name, arguments, call_id?}; arguments: object, or a string sent verbatim (to test bad JSON)
//   image {partials, b64}     Responses only
//   annotations               Responses: all. Chat: url_citation only, as delta.annotations before the end of the text
//   error {status}            HTTP error before any output (also when there is no text)
//   error {after: n}          after n text deltas. Chat: an error object, no [DONE]. Responses: `error` event + response.failed
//       + cut: true           the socket is cut instead (without `after`: before any byte, which SDKs retry by themselves)
//       + failed_only: true   Responses: response.failed without an `error` event
//       + message, type, code; retry: true
//   Errors carry `x-should-retry: false` unless retry is true: an SDK retrying by itself would eat the next script.
//   Without `stream`, a mid-stream error is an HTTP error. Keys a wire cannot express are listed in the call's `ignored`.
//
// SIDE CALLS (titles, summaries): header `x-fake-aux: 1`, or a model name containing "title" or "aux". Fixed answer (wrapped in an
//           object when JSON output is asked for), no script consumed, absent from /calls unless ?aux=1.
//
// LOAD      model "fake;tokens=200;delay=10;first=0;size=4" needs no script and is not logged: that many tokens, one per `delay`
//           ms (0: as fast as the client reads), the first after `first` ms. A token is "<send time>" + `size` filler characters,
//           the last one a space; send time = epoch microseconds, 16 digits: (performance.timeOrigin + performance.now()) * 1000.
//           --firehose does this for every other model name too, with delay=0.
//
// NORMALISED `input`  The assertions search the JSON text of `input`, so both wires are rewritten to what the reference's model
//   saw: a flat list of Responses items, oldest first, whose `type` key comes first:
//     {type:"message", role, content:[{type:"input_text"|"output_text", text} | {type:"input_image"|"input_file", …}]}
//     {type:"function_call", call_id, name, arguments}   {type:"function_call_output", call_id, output: string}
//     {type:"reasoning", summary:[{type:"summary_text", text}]}
//   - system/developer messages and `instructions` go to the call's `instructions`: a prompt that merely explains
//     <HiddenContext> must not count as an occurrence (and context sent with the wrong role is then missed, as it should be)
//   - a chat assistant message becomes reasoning, text, function calls, in that order; no empty text beside function calls
//   - item ids, statuses, nulls, empty annotations are dropped: they differ per wire and SDK, and could hit a pattern by chance
//   - previous_response_id and item_reference are expanded, so that both styles of multi-turn calls read the same
//   `raw` is the untouched body.

import { realpathSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { start } from './fake-provider/server.mjs';

export { start };

async function main() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4020' },
      host: { type: 'string', default: '127.0.0.1' },
      control: { type: 'string', default: '/__control' },
      latency: { type: 'string', default: '40' },
      'aux-text': { type: 'string', default: 'Fake title' },
      firehose: { type: 'boolean', default: false },
    },
  });
  const { port, latency, 'aux-text': auxText, ...rest } = values;
  const { url, control } = await start({ ...rest, port: Number(port), latency: Number(latency), auxText });
  console.log(`fake provider: OPENAI_BASE_URL=${url}  control=${control}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) await main();
