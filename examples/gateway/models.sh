curl -s "$OPENAI_BASE_URL/models"
