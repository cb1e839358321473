"""From a lesson to what students get, and what must never be among it."""
