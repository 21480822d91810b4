import { Failure } from './failure.mjs';

const OCTETS = 'application/octet-stream';
const TYPE_BY_EXTENSION = {
  webm: 'audio/webm',
  mp4: 'audio/mp4',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
};

/** @returns `text`, "<media type>:<byte count>" of the uploaded file, and whether it is wanted as plain text */
export async function transcribe(req, bytes) {
  const form = await new Response(bytes, { headers: { 'content-type': req.headers['content-type'] ?? '' } })
    .formData()
    .catch(() => undefined);
  const file = form?.get('file');
  if (typeof file?.size !== 'number')
    throw new Failure({ status: 400, message: "Missing required parameter: 'file'." });
  return { text: `${typeOf(file)}:${file.size}`, plain: form.get('response_format') === 'text' };
}

/** Like OpenAI, falls back to the file name: some HTTP clients label every part application/octet-stream. */
function typeOf({ type, name }) {
  const declared = type.split(';')[0].trim();
  if (declared && declared !== OCTETS) return declared;
  return TYPE_BY_EXTENSION[name.split('.').pop()] ?? OCTETS;
}
