"""The question bank: read and validated, turned into notebook cells, marked."""
