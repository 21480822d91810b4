// Stands for the script of the official component, which comes from a CDN only: takes the same options, refuses those that
// the component would refuse, and sends the requests that it would send. A test presses its buttons by calling its methods.

const KEYS = {
  '': 'api locale theme frameTitle initialThread onClientTool header history startScreen threadItemActions composer disclaimer entities commands widgets thread',
  api: 'url fetch domainKey uploadStrategy',
  header: 'enabled title leftAction rightAction',
  history: 'enabled showDelete showRename',
  startScreen: 'greeting prompts',
  threadItemActions: 'feedback retry',
  composer: 'placeholder attachments tools models dictation',
  'composer.attachments': 'enabled maxSize maxCount accept',
  disclaimer: 'text highContrast',
  entities: 'onTagSearch showComposerMenu onClick onRequestPreview',
  commands: 'enabled onSearch onSelect',
  widgets: 'onAction',
  thread: 'autoScroll',
};

const refuse = (what) => {
  throw new Error(`Invalid frame params: ChatKit.create(): ${what}`);
};

function check(options) {
  for (const [path, keys] of Object.entries(KEYS)) {
    const section = path === '' ? options : path.split('.').reduce((value, key) => value?.[key], options);
    for (const key of Object.keys(section ?? {})) {
      if (!keys.split(' ').includes(key)) refuse(`Unrecognized key: "${key}" → at ${path}`);
    }
  }
  const { url, domainKey, uploadStrategy } = options.api ?? {};
  if (typeof url !== 'string' || typeof domainKey !== 'string') refuse('Invalid input → at api');
  if (options.composer?.attachments?.enabled && !uploadStrategy) refuse('Invalid input → at api.uploadStrategy');
  for (const { label, prompt } of options.startScreen?.prompts ?? []) {
    if (!label || !prompt) refuse('Invalid input → at startScreen.prompts');
  }
}

const framesOf = (text) =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => JSON.parse(block.slice('data: '.length)));

class ChatKitStub extends HTMLElement {
  threadId = null;
  /** What the last stream has shown, by id. */
  items = new Map();
  updates = 0;
  historyOpen = false;
  handed = [];

  setOptions(options) {
    check(options);
    this.handed.push(options);
    globalThis.chatKit = this;
    if (this.handed.length > 1) return;
    this.emit('ready');
    if (options.initialThread) void this.open(options.initialThread);
  }

  get options() {
    return this.handed.at(-1);
  }

  /** Without functions, as a test can take it. */
  plainOptions() {
    return JSON.parse(JSON.stringify(this.options, (_, value) => (typeof value === 'function' ? 'function' : value)));
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`chatkit.${name}`, { detail }));
  }

  call(type, params, signal) {
    const { api, locale = navigator.language } = this.options;
    return (api.fetch ?? fetch)(api.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': locale, 'chatkit-frame-instance-id': 'x' },
      body: JSON.stringify({ type, params }),
      signal,
    });
  }

  async json(type, params) {
    const response = await this.call(type, params);
    if (!response.ok) throw new Error(`${type}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Reads an answer, and runs the client tools that it asks for, as the component does. */
  async stream(type, params) {
    this.abort = new AbortController();
    const response = await this.call(type, params, this.abort.signal);
    if (!response.ok) throw new Error(`${type}: ${response.status} ${await response.text()}`);
    this.emit('response.start');
    const events = framesOf(await response.text());
    for (const event of events) this.take(event);
    this.emit('response.end');
    const pending = [...this.items.values()].find(
      (item) => item.type === 'client_tool_call' && item.status === 'pending',
    );
    if (!pending) return events;
    const result = await this.options.onClientTool({ name: pending.name, params: pending.arguments });
    this.items.delete(pending.id);
    return [...events, ...(await this.stream('threads.add_client_tool_output', { thread_id: this.threadId, result }))];
  }

  take(event) {
    if (event.type === 'thread.created') this.show(event.thread.id);
    if (event.type === 'thread.item.done' || event.type === 'thread.item.replaced') {
      this.items.set(event.item.id, event.item);
    }
    if (event.type === 'thread.item.removed') this.items.delete(event.item_id);
    if (event.type === 'client_effect') this.emit('effect', { name: event.name, data: event.data });
  }

  show(threadId) {
    this.threadId = threadId;
    this.emit('thread.change', { threadId });
  }

  itemsOf(type) {
    return [...this.items.values()].filter((item) => item.type === type);
  }

  // ── What a person does ──

  async open(threadId) {
    this.opening = threadId;
    this.emit('thread.load.start', { threadId });
    try {
      const thread = await this.json('threads.get_by_id', { thread_id: threadId });
      if (this.opening !== threadId) return;
      this.items = new Map(thread.items.data.map((item) => [item.id, item]));
      this.show(threadId);
      this.emit('thread.load.end', { threadId });
    } catch (error) {
      this.emit('error', { error });
    }
  }

  ask(text, { attachments = [], tags = [], ...inference } = {}) {
    const content = [...(text === '' ? [] : [{ type: 'input_text', text }]), ...tags];
    const input = { content, attachments: attachments.map(({ id }) => id), inference_options: inference };
    return this.threadId === null
      ? this.stream('threads.create', { input })
      : this.stream('threads.add_user_message', { thread_id: this.threadId, input });
  }

  stop() {
    this.abort.abort();
  }

  async conversations() {
    const { data } = await this.json('threads.list', { limit: 9999, order: 'desc' });
    return data.map(({ id, title }) => [id, title]);
  }

  rename(title) {
    return this.json('threads.update', { thread_id: this.threadId, title });
  }

  async delete() {
    await this.json('threads.delete', { thread_id: this.threadId });
    await this.setThreadId(null);
  }

  feedback(kind) {
    const ids = this.itemsOf('assistant_message').map(({ id }) => id);
    return this.json('items.feedback', { thread_id: this.threadId, item_ids: ids, kind });
  }

  retry() {
    const question = this.itemsOf('user_message').at(-1);
    return this.stream('threads.retry_after_item', { thread_id: this.threadId, item_id: question.id });
  }

  /** A file from the composer, by the strategy that was handed over. */
  async attach(name, type, bytes) {
    const { attachments } = this.options.composer;
    const ending = /\.\w+$/.exec(name)[0];
    if (bytes.length > attachments.maxSize) throw new Error('The file is too large.');
    if (!attachments.accept[type]?.includes(ending)) throw new Error('Files of this type cannot be attached.');
    const file = new File([new Uint8Array(bytes)], name, { type });
    const { fetch: send, uploadStrategy } = this.options.api;
    const form = new FormData();
    form.append('file', file);
    if (uploadStrategy.type === 'direct') {
      const response = await send(uploadStrategy.uploadUrl, { method: 'POST', body: form });
      if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`);
      return response.json();
    }
    const created = await this.json('attachments.create', { name, size: file.size, mime_type: type });
    const { url, method, headers } = created.upload_descriptor;
    const response = await send(url, { method, headers, body: method === 'PUT' ? file : form });
    if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`);
    return created;
  }

  dictate(base64, mimeType) {
    return this.json('input.transcribe', { audio_base64: base64, mime_type: mimeType });
  }

  /** A button of a widget, by its label. */
  async press(label) {
    const find = (node) =>
      node?.label === label ? node.onClickAction : (node?.children ?? []).map(find).find((action) => action);
    const widgetItem = this.itemsOf('widget').findLast((item) => find(item.widget));
    const { type, payload, handler = 'server', streaming = true } = find(widgetItem.widget);
    if (handler === 'client') return this.options.widgets.onAction({ type, payload }, widgetItem);
    return this.sendCustomAction({ type, payload }, widgetItem.id, streaming);
  }

  // ── The component's methods ──

  async sendCustomAction(action, itemId, streaming = true) {
    const params = { thread_id: this.threadId, item_id: itemId, action };
    if (streaming) return this.stream('threads.custom_action', params);
    const { updated_item: item } = await this.json('threads.sync_custom_action', params);
    if (item) this.items.set(item.id, item);
    return item;
  }

  async setThreadId(threadId) {
    if (threadId !== null) return this.open(threadId);
    this.opening = null;
    this.items = new Map();
    this.show(null);
  }

  async fetchUpdates() {
    this.updates += 1;
    const thread = await this.json('threads.get_by_id', { thread_id: this.threadId });
    this.items = new Map(thread.items.data.map((item) => [item.id, item]));
  }

  async showHistory() {
    this.historyOpen = true;
    this.emit('history.open');
  }

  async hideHistory() {
    this.historyOpen = false;
    this.emit('history.close');
  }

  async focusComposer() {}
  async sendUserMessage({ text, attachments, toolChoice, model }) {
    await this.ask(text, { attachments, model, tool_choice: toolChoice });
  }
  async setComposerValue() {}
}

customElements.define('openai-chatkit', ChatKitStub);
