curl -sN "$OPENAI_BASE_URL/chat/completions" \
  -H 'content-type: application/json' \
  -d '{ "model": "fast", "messages": [{ "role": "user", "content": "Say hello." }] }'
