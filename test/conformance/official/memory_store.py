"""A store for the official SDK: in memory, by user, in order of insertion.

Everything is kept as JSON, as a database would keep it: what the SDK's classes lose on the way back is lost here too.
No method waits for anything, because the SDK's clean-up after a stop does not survive a store that does.
"""

from chatkit.store import AttachmentStore, NotFoundError, Store
from chatkit.types import (
    Attachment,
    AttachmentUploadDescriptor,
    FileAttachment,
    ImageAttachment,
    Page,
    ThreadItem,
    ThreadMetadata,
)
from pydantic import TypeAdapter

Context = dict[str, str]

ITEM = TypeAdapter(ThreadItem)
ATTACHMENT = TypeAdapter(Attachment)


def page_of(rows: dict[str, str], limit: int, after: str | None, order: str) -> tuple[list[str], bool]:
    if limit < 0:
        raise ValueError("a limit is not negative")
    ids = list(rows)
    if order == "desc":
        ids.reverse()
    if after is not None:
        if after not in rows:
            raise NotFoundError(after)
        ids = ids[ids.index(after) + 1 :]
    return ids[:limit], len(ids) > limit


class MemoryStore(Store[Context]):
    def __init__(self) -> None:
        self.threads: dict[str, dict[str, str]] = {}
        self.items: dict[str, dict[str, str]] = {}
        self.attachments: dict[str, dict[str, str]] = {}

    def threads_of(self, context: Context) -> dict[str, str]:
        return self.threads.setdefault(context["user"], {})

    def items_of(self, thread_id: str, context: Context) -> dict[str, str]:
        if thread_id not in self.threads_of(context):
            raise NotFoundError(thread_id)
        return self.items.setdefault(thread_id, {})

    async def load_thread(self, thread_id: str, context: Context) -> ThreadMetadata:
        if thread_id not in self.threads_of(context):
            raise NotFoundError(thread_id)
        return ThreadMetadata.model_validate_json(self.threads_of(context)[thread_id])

    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        fields = set(ThreadMetadata.model_fields)
        self.threads_of(context)[thread.id] = thread.model_dump_json(include=fields)

    async def load_threads(self, limit: int, after: str | None, order: str, context: Context) -> Page[ThreadMetadata]:
        rows = self.threads_of(context)
        ids, has_more = page_of(rows, limit, after, order)
        data = [ThreadMetadata.model_validate_json(rows[one]) for one in ids]
        return Page(data=data, has_more=has_more, after=ids[-1] if has_more and ids else None)

    async def delete_thread(self, thread_id: str, context: Context) -> None:
        self.items_of(thread_id, context)
        del self.threads_of(context)[thread_id]
        self.items.pop(thread_id, None)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Context
    ) -> Page[ThreadItem]:
        rows = self.items_of(thread_id, context)
        ids, has_more = page_of(rows, limit, after, order)
        data = [ITEM.validate_json(rows[one]) for one in ids]
        return Page(data=data, has_more=has_more, after=ids[-1] if has_more and ids else None)

    async def load_item(self, thread_id: str, item_id: str, context: Context) -> ThreadItem:
        rows = self.items_of(thread_id, context)
        if item_id not in rows:
            raise NotFoundError(item_id)
        return ITEM.validate_json(rows[item_id])

    async def save_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        self.items_of(thread_id, context)[item.id] = item.model_dump_json()

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        await self.save_item(thread_id, item, context)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Context) -> None:
        self.items_of(thread_id, context).pop(item_id, None)

    async def save_attachment(self, attachment: Attachment, context: Context) -> None:
        self.attachments.setdefault(context["user"], {})[attachment.id] = attachment.model_dump_json()

    async def load_attachment(self, attachment_id: str, context: Context) -> Attachment:
        rows = self.attachments.get(context["user"], {})
        if attachment_id not in rows:
            raise NotFoundError(attachment_id)
        return ATTACHMENT.validate_json(rows[attachment_id])

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        self.attachments.get(context["user"], {}).pop(attachment_id, None)

    def finish_upload(self, attachment_id: str) -> bool:
        """The bytes have come: the record loses its upload descriptor, whoever sends them."""
        for rows in self.attachments.values():
            if attachment_id in rows:
                attachment = ATTACHMENT.validate_json(rows[attachment_id])
                rows[attachment_id] = attachment.model_copy(update={"upload_descriptor": None}).model_dump_json()
                return True
        return False


class UploadStore(AttachmentStore[Context]):
    """Two-phase uploads by POST to this server; the bytes themselves are of no interest here."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.base = ""

    async def create_attachment(self, input, context: Context) -> Attachment:
        attachment_id = self.generate_attachment_id(input.mime_type, context)
        upload = AttachmentUploadDescriptor(url=f"{self.base}/upload/{attachment_id}", method="POST")
        common = {
            "id": attachment_id,
            "name": input.name,
            "mime_type": input.mime_type,
            "upload_descriptor": upload,
            "metadata": {"owner": context["user"]},
        }
        if input.mime_type.startswith("image/"):
            return ImageAttachment(**common, preview_url=f"{self.base}/preview/{attachment_id}")
        return FileAttachment(**common)

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        await self.store.load_attachment(attachment_id, context)
