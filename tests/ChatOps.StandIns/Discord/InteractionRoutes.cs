namespace ChatOps.StandIns.Discord;

/// <summary>Answers to interactions, and what follows on them.</summary>
internal sealed class InteractionRoutes(World world, Posting posting, Interactions interactions)
{
    private const string Webhook = "webhooks/{application}/{token}";
    private const string Bucket = "f6webhook";

    public void Map(Api api)
    {
        api.Open("POST", "interactions/{id}/{token}/callback", null, c =>
            interactions.Answer(interactions.Of(c["token"]), c["id"], c.Upload, c.Asks("with_response"))
        );
        api.Open("POST", Webhook, Bucket, c => Through(c, open => FollowUp(c, open)));
        api.Open("GET", $"{Webhook}/messages/{{message}}", Bucket, c => On(c, (_, post) => Reply.Ok(post.Json.DeepClone())));
        api.Open("PATCH", $"{Webhook}/messages/{{message}}", Bucket, c => On(c, (open, post) => Edit(c, open, post)));
        api.Open("DELETE", $"{Webhook}/messages/{{message}}", Bucket, c => On(c, Delete));
    }

    private Reply Through(Call call, Func<Open, Reply> handle)
    {
        lock (world.Lock)
        {
            if (interactions.Of(call["token"]) is not { } open || call["application"] != world.Application)
                return Reply.UnknownWebhook;
            if (interactions.IsOver(open))
                return Reply.InvalidWebhookToken;
            return open.Answered.Task.IsCompletedSuccessfully ? handle(open) : Reply.UnknownWebhook;
        }
    }

    private Reply On(Call call, Func<Open, Post, Reply> handle) => Through(call, open =>
        {
            var post = call["message"] == "@original" ? open.Original : open.Room.Posts.FirstOrDefault(p => p.Id == call["message"]);
            return post is not null && open.Room.Posts.Contains(post) ? handle(open, post) : Reply.UnknownMessage;
        });

    private Reply FollowUp(Call call, Open open)
    {
        var (upload, found) = (call.Upload, new Findings());
        MessageCheck.Check(found, upload.Json, "", MessageCheck.Webhook, upload.Files.Count);
        if (found.Any)
            return found.ToReply();
        if (MessageCheck.IsEmpty(upload.Json, upload.Files.Count))
            return Reply.EmptyMessage;
        var post = interactions.FollowUp(open, upload);
        return call.Asks("wait") ? Reply.Ok(post.Json.DeepClone()) : Reply.Empty;
    }

    private Reply Edit(Call call, Open open, Post post)
    {
        var (upload, found) = (call.Upload, new Findings());
        MessageCheck.Check(found, upload.Json, "", MessageCheck.Edit, upload.Files.Count);
        if (found.Any)
            return found.ToReply();
        posting.Edit(open.Room, post, upload);
        return Reply.Ok(post.Json.DeepClone());
    }

    private Reply Delete(Open open, Post post)
    {
        posting.Delete(open.Room, post);
        return Reply.Empty;
    }
}
