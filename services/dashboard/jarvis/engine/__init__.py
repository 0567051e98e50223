"""The durable engine (DBOS Transact): the one room that imports it and knows its private parts."""
